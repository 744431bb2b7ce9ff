/// Looks at a whole store: whether every invariant holds, and where the space goes.
@NullMarked
package dev.quire.store.internal.inspect;

import org.jspecify.annotations.NullMarked;
