/// The B+tree: lookup, cursors, changes. Knows pages through
/// [dev.quire.store.internal.page.PageReader] and [dev.quire.store.internal.page.PageAllocator]
/// alone.
@NullMarked
package dev.quire.store.internal.tree;

import org.jspecify.annotations.NullMarked;
