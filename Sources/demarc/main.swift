import Commands

await Demarc.runProgram()
