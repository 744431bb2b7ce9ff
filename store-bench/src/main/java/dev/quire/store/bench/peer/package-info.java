/// The stores that are measured, each behind the same few operations.
@NullMarked
package dev.quire.store.bench.peer;

import org.jspecify.annotations.NullMarked;
