/// LMDB behind the interfaces of `dev.quire.store`: the backend `lmdb`, and the way of data between
/// the two.
///
/// It needs `org.lmdbjava:lmdbjava` on the class path, which is no dependency of the store itself.
/// `docs/LMDB.md` says what this backend can do, what it cannot, and what it promises.
@NullMarked
package dev.quire.store.lmdb;

import org.jspecify.annotations.NullMarked;
