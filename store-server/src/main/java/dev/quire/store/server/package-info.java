/// Reserved for a server in front of a store. Nothing is here yet.
@NullMarked
package dev.quire.store.server;

import org.jspecify.annotations.NullMarked;
