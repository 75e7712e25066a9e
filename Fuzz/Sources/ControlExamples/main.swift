import BuiltInControls
import Controls

// The examples of every control, each as one file's text with a NUL behind it: the best seeds there are, since each
// reaches a check. Written to standard output, so that this program needs no file system.
for control in BuiltInControls.all {
    for example in control.passing + control.failing { print(example.manifest, terminator: "\0") }
}
