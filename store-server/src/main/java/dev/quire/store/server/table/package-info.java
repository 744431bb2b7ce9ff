/// What is known of each command but how it is run: the one source for checks, permissions,
/// `COMMAND` and the documentation.
@NullMarked
package dev.quire.store.server.table;

import org.jspecify.annotations.NullMarked;
