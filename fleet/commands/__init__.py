"""The commands of `python -m fleet`, a module each, imported only when its command is asked for.

A command's module has
    add_arguments(parser)    what may be given, for the parser of this command
    run(options) -> int      does it and gives the exit status; rejections are FleetErrors
    EXAMPLE                  what one types, without the leading `fleet`, a line each
    prepare(arguments)       optional: the arguments in the words that the parser knows
    SPELLINGS                optional: options that `prepare` knows besides, and what they are for
and is entered in the table of `fleet/cli.py`.
"""
