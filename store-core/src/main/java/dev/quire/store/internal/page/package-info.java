/// The life of pages: reading them in a snapshot, copying them for a writer, allocating and freeing
/// their numbers, writing them out.
@NullMarked
package dev.quire.store.internal.page;

import org.jspecify.annotations.NullMarked;
