package dev.quire.store.internal.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.format.Head;
import dev.quire.store.internal.page.PinList;
import dev.quire.store.options.StoreOptions;
import dev.quire.store.testing.Campaign;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Goal: a page that a snapshot reads is never used again, and no record of the head ring is read
/// torn, however close beginning, publishing and looking for pins come to each other.
///
/// Method: the slots and the head of a real store, without the rest of a commit, so that they meet
/// often. Each transaction replaces the one page of the one before; a page is a number that says
/// whose it is. `store-stress` does the same with single words.
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class BeginReadRaceTest {

  private static final int PAGES = 1 << 14;
  private static final int READERS = 2;

  private final AtomicLongArray pages = new AtomicLongArray(PAGES);
  private final Engine engine = Engine.inMemory(StoreOptions.defaults());
  private final EngineParts parts = engine.parts();
  private final ArrayDeque<Long> replaced = new ArrayDeque<>();
  private long begun;

  private static int place(long txnId) {
    return (int) (txnId & PAGES - 1);
  }

  private void publish(Head last, long txnId) {
    pages.setRelease(place(txnId), txnId);
    parts.state.fillPlace(
        new Head(txnId, 0, 3 * txnId, last.fileSizeBytes(), 0, 0, 1, 0, 1, 5 * txnId, 0));
    parts.state.publish(txnId);
  }

  /// Uses the pages again that nobody reads: a page replaced in F is read by F - 1 alone.
  private void reuse(PinList pins) {
    long head = parts.readers.scan(pins);
    for (int i = replaced.size(); i > 0 && replaced.getFirst() < head; i--) {
      long txnId = replaced.removeFirst();
      if (pins.contains(txnId)) {
        replaced.addLast(txnId);
      } else {
        pages.setRelease(place(txnId), -txnId);
      }
    }
  }

  private String write(long deadline) {
    Head last = parts.state.head();
    long txnId = last.txnId();
    PinList pins = new PinList();
    while (System.nanoTime() < deadline) {
      txnId++;
      parts.spaceLock.lock();
      try {
        // What was at its place a long time ago may still be read.
        while (pages.getAcquire(place(txnId)) > 0 && System.nanoTime() < deadline) {
          reuse(pins);
        }
        publish(last, txnId);
        replaced.addLast(txnId - 1);
        reuse(pins);
      } finally {
        parts.spaceLock.unlock();
      }
    }
    begun = txnId;
    return "";
  }

  private String read(long deadline) {
    while (System.nanoTime() < deadline) {
      for (int i = 0; i < 1_000; i++) {
        Snapshot snapshot = engine.beginRead();
        long txnId = snapshot.txnId();
        long found = pages.getAcquire(place(txnId));
        if (found != txnId || snapshot.highWater() != 3 * txnId) {
          return "transaction " + txnId + " reads " + found + ", " + snapshot.highWater();
        }
        snapshot.end();
      }
    }
    return "";
  }

  @Test
  void beginRead_besidePublishAndReuse_readsItsOwnPages()
      throws InterruptedException, ExecutionException {
    publish(parts.state.head(), parts.state.headTxnId() + 1);
    long deadline = Campaign.deadlineNanos(3);
    List<Future<String>> readers = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(READERS + 1)) {
      Future<String> writer = pool.submit(() -> write(deadline));
      for (int i = 0; i < READERS; i++) {
        readers.add(pool.submit(() -> read(deadline)));
      }
      for (Future<String> reader : readers) {
        assertEquals("", reader.get());
      }
      assertEquals("", writer.get());
    }
    assertTrue(begun > 10_000, begun + " transactions");
  }
}
