// expected-error @+3 {{the block ^bb1 is not defined}}
"test.op"() ({
^bb0:
  "test.end"() [^bb1] : () -> ()
}) : () -> ()
// -----
// expected-error @+1 {{'a' is given twice}}
module attributes {a = 1, a = 2} {
}
// -----
// expected-error @+1 {{the alias #nobody is not defined}}
module attributes {a = #nobody} {
}
// -----
// expected-error @+1 {{expected ',', found '}'}}
module attributes {a = affine_map<(d0) -> (d0} {
}
// -----
// expected-error @+1 {{expected a number, found 'x'}}
module attributes {a = array<i64: 1, x>} {
}
// -----
// expected-error @+1 {{expected ':', found '}'}}
module attributes {a = dense<[1, 2]>} {
}
// -----
// expected-error @+1 {{expected a symbol such as @main, found '}'}}
module attributes {a = @f::} {
}
// -----
// expected-error @+2 {{the alias #a is defined already}}
#a = 1 : i32
#a = 2 : i32
module {
}
// -----
// expected-error @+2 {{the alias !a is defined already}}
!a = i32
!a = i64
module {
}
// -----
// expected-error @+2 {{expected ':', found ')'}}
func.func @f() {
  return loc("x":1)
}
// -----
// expected-error @+2 {{expected a location, found 'nowhere'}}
func.func @f() {
  return loc(nowhere)
}
// -----
// expected-error @+4 {{the location #loc77 is not defined}}
func.func @f() {
  return
} loc(#loc77)
