/// Where each field of each struct lies, and how one page is read and edited. Knows no tree, no
/// file.
@NullMarked
package dev.quire.store.internal.format;

import org.jspecify.annotations.NullMarked;
