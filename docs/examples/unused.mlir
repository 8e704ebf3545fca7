func.func private @unused() {
  return
}
func.func @used() {
  return
}
