import AssayCommands
import Glibc

exit(AssayProgram.run(Array(CommandLine.arguments.dropFirst())))
