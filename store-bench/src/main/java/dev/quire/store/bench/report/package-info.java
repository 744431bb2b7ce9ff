/// Results on disk, and what is made of them: tables and charts.
@NullMarked
package dev.quire.store.bench.report;

import org.jspecify.annotations.NullMarked;
