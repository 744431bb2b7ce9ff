/// Copies of a store: a snapshot written as a dense store of its own.
@NullMarked
package dev.quire.store.internal.copy;

import org.jspecify.annotations.NullMarked;
