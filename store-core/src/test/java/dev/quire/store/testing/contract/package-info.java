/// What every form of every store does: one suite of abstract tests, extended once for each form.
@NullMarked
package dev.quire.store.testing.contract;

import org.jspecify.annotations.NullMarked;
