# args: ok cancel ok help open
import sys


class Button:
    def __init__(self, label, on_click=None):
        self.label = label
        self.on_click = on_click
        self.clicks = 0

    def click(self):
        self.clicks += 1
        if self.on_click is not None:
            return self.on_click(self)
        return f"{self.label}: nothing happens"


class Dialog:
    def __init__(self, title):
        self.title = title
        self.open = True
        self.messages = []

    def close(self, button):
        self.open = False
        return f"{self.title} closed by {button.label}"

    def confirm(self, button):
        self.messages.append(button.label * button.clicks)
        return f"{self.title} confirmed, {len(self.messages)}"


def help_text(button):
    return f"help was asked {button.clicks} times"


dialog = Dialog("settings")
buttons = {}
for name in sys.argv[1:]:
    if name not in buttons:
        button = Button(name)
        if name == "ok":
            button.on_click = dialog.confirm
        elif name == "cancel":
            button.on_click = dialog.close
        elif name == "help":
            button.on_click = help_text
        buttons[name] = button
    print(buttons[name].click())
print(dialog.open, dialog.messages)
print([name for name, button in buttons.items() if button.on_click is None])
print([button.on_click.__name__ for button in buttons.values() if button.on_click])
print(buttons["help"].on_click is help_text, buttons["ok"].on_click == dialog.confirm)
