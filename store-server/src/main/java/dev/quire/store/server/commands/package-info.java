/// What each command does: a class for each group of commands, bound to the table by [Routes].
@NullMarked
package dev.quire.store.server.commands;

import org.jspecify.annotations.NullMarked;
