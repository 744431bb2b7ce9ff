/// An embedded, persistent, ordered key-value store.
///
/// Four words are all there is to learn:
///
/// - a [dev.quire.store.Store] is a directory of files, or memory, opened;
/// - a [dev.quire.store.Table] is a named, ordered map from bytes to bytes in it;
/// - a *transaction* is a snapshot to read from ([dev.quire.store.ReadTxn]), or a set of changes
///   that happens as a whole or not at all ([dev.quire.store.WriteTxn]);
/// - a [dev.quire.store.Cursor] walks the entries of a table, or of a [dev.quire.store.KeyRange] of
///   it.
///
/// ```java
/// try (Store store = Store.open(Path.of("sessions.quire"))) {
///   Table users = store.table("users");
///   users.put(key, value);                                  // one durable transaction
///   byte[] copy = users.get(key);                           // or null
///
///   store.write(txn -> {                                    // all of it or nothing
///     txn.table("users").put(key, value);
///     txn.table("emails").put(email, key);
///   });
///
///   try (ReadTxn txn = store.beginRead();                   // one snapshot
///       Cursor cursor = txn.table("users").cursor(KeyRange.prefix(prefix))) {
///     while (cursor.next()) {
///       handle(cursor.key(), cursor.value());
///     }
///   }
/// }
/// ```
///
/// Two snapshots are compared by [dev.quire.store.Store#diff]; a [dev.quire.store.Watch] waits for
/// commits and tells what they changed. A [dev.quire.store.StoreLock] is a lock among all processes
/// that have the store open.
///
/// ## Caveats
///
/// - A view ([dev.quire.store.Table#view], [dev.quire.store.Cursor#value]) is the store's own
///   memory. It is valid until its transaction ends, in a write transaction until the next change;
///   read later it may show anything. Copy what you keep.
/// - There is one write transaction at a time. Keep it short, and never wait for a user inside one.
///   A thread that has one and calls a writing method of a table of the *store* gets an
///   [IllegalStateException], for it would wait for itself.
/// - A durable commit waits for the disk. Put many changes into one transaction rather than one
///   into each of many; or choose another [dev.quire.store.options.Durability].
/// - A snapshot that is kept open keeps the pages it needs from being reused: the file may grow.
/// - A table bound to the store reads the newest commit at each call: two calls may see two states.
///   Use a transaction where that matters.
/// - Integer keys are unsigned: negative numbers come last.
/// - After a failed write or sync the store refuses writes until it is closed and opened again.
///
/// Misuse throws the JDK's own exceptions: [IllegalArgumentException] for what was passed,
/// [IllegalStateException] for when. Everything else is a subclass of
/// [dev.quire.store.errors.StoreException].
@NullMarked
package dev.quire.store;

import org.jspecify.annotations.NullMarked;
