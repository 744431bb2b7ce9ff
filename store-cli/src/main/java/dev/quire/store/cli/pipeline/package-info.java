/// Samples handed from one process to another in three ways: through a store, an operating system's
/// pipe, and a Unix domain socket. What the two processes do with them is the same for all.
@NullMarked
package dev.quire.store.cli.pipeline;

import org.jspecify.annotations.NullMarked;
