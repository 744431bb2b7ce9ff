/// The command that runs all trials, each in a JVM of its own, and writes their table.
@NullMarked
package dev.quire.store.bench.figures;

import org.jspecify.annotations.NullMarked;
