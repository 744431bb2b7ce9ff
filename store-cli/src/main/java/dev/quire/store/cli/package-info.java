/// The command line: one class for each command.
@NullMarked
package dev.quire.store.cli;

import org.jspecify.annotations.NullMarked;
