"""ONNX's messages as a table, and the numbers of its element types and kinds of attributes.

Source: onnx/onnx.proto of the ONNX project, version 1.17 (IR version 10, opset 21). Fields that
graphs of ours do not have, such as training and quantisation, are not here.
"""

from __future__ import annotations

import numpy as np

from fleet.exporting.onnx.wire import parse_schema

SCHEMA = parse_schema("""
ModelProto
  1 int ir_version
  2 str producer_name
  3 str producer_version
  4 str domain
  5 int model_version
  6 str doc_string
  7 GraphProto graph
  8 OperatorSetIdProto* opset_import
  14 StringStringEntryProto* metadata_props
OperatorSetIdProto
  1 str domain
  2 int version
StringStringEntryProto
  1 str key
  2 str value
GraphProto
  1 NodeProto* node
  2 str name
  5 TensorProto* initializer
  10 str doc_string
  11 ValueInfoProto* input
  12 ValueInfoProto* output
  13 ValueInfoProto* value_info
  16 StringStringEntryProto* metadata_props
NodeProto
  1 str* input
  2 str* output
  3 str name
  4 str op_type
  5 AttributeProto* attribute
  6 str doc_string
  7 str domain
  9 StringStringEntryProto* metadata_props
AttributeProto
  1 str name
  2 float f
  3 int i
  4 bytes s
  5 TensorProto t
  6 GraphProto g
  7 float* floats
  8 int* ints
  9 bytes* strings
  13 str doc_string
  20 int type
ValueInfoProto
  1 str name
  2 TypeProto type
  3 str doc_string
  4 StringStringEntryProto* metadata_props
TypeProto
  1 TypeProto.Tensor tensor_type
  6 str denotation
TypeProto.Tensor
  1 int elem_type
  2 TensorShapeProto shape
TensorShapeProto
  1 TensorShapeProto.Dimension* dim
TensorShapeProto.Dimension
  1 int dim_value
  2 str dim_param
  3 str denotation
TensorProto
  1 int* dims
  2 int data_type
  4 float+ float_data
  5 int+ int32_data
  6 bytes* string_data
  7 int+ int64_data
  8 str name
  9 bytes raw_data
  10 double+ double_data
  11 int+ uint64_data
  12 str doc_string
  13 StringStringEntryProto* external_data
  14 int data_location
  16 StringStringEntryProto* metadata_props
""")

ELEMENT_TYPES = {
    np.dtype(name): number
    for number, name in {
        1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64",
        9: "bool", 10: "float16", 11: "float64", 12: "uint32", 13: "uint64",
    }.items()
}  # fmt: skip
"""NumPy's dtypes as numbers of TensorProto.DataType."""
DTYPES = {number: dtype for dtype, number in ELEMENT_TYPES.items()}

FLOAT, INT, STRING, TENSOR, GRAPH, FLOATS, INTS, STRINGS = 1, 2, 3, 4, 5, 6, 7, 8
"""AttributeProto.AttributeType."""
EXTERNAL = 1
"""TensorProto.DataLocation: the data are in another file."""

OPSET = 21
"""The operators' version, of March 2024."""
IR_VERSION = 10
