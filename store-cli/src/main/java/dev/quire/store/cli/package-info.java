/// The command line: one class for each command.
///
/// Data goes to the standard output, messages to the standard error. A command that reads never
/// makes a store.
@NullMarked
package dev.quire.store.cli;

import org.jspecify.annotations.NullMarked;
