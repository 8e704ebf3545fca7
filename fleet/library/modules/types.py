"""`types`: names of the classes of functions and the like, and SimpleNamespace."""

import primitives

FunctionType = LambdaType = primitives.FunctionType
MethodType = primitives.MethodType
BuiltinFunctionType = BuiltinMethodType = primitives.BuiltinFunctionType
GeneratorType = primitives.GeneratorType
NoneType = type(None)
EllipsisType = type(...)
NotImplementedType = type(NotImplemented)
GenericAlias = primitives.GenericAlias
UnionType = primitives.UnionType
MappingProxyType = primitives.MappingProxyType


class SimpleNamespace:
    def __init__(self, /, **attributes):
        self.__dict__.update(attributes)

    def __repr__(self):
        inside = ", ".join([f"{name}={value!r}" for name, value in self.__dict__.items()])
        name = "namespace" if type(self) is SimpleNamespace else type(self).__name__
        return f"{name}({inside})"

    def __eq__(self, other):
        if isinstance(self, SimpleNamespace) and isinstance(other, SimpleNamespace):
            return self.__dict__ == other.__dict__
        return NotImplemented
