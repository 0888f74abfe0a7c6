import AssayCommands
import Glibc

exit(await AssayProgram.run(Array(CommandLine.arguments.dropFirst())))
