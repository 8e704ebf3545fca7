    zext.w a0, a0
    sext.b a1, a1
    mul a0, a0, a1
    czero.eqz a0, a0, a1
