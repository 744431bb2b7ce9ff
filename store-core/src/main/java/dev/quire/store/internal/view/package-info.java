/// Map views: a table of bytes as an ordered map of objects.
///
/// A view is built on [dev.quire.store.internal.view.EntrySource], what it needs of a table, and on
/// two [dev.quire.store.internal.view.TypedBytes], which turn objects into bytes and back.
@NullMarked
package dev.quire.store.internal.view;

import org.jspecify.annotations.NullMarked;
