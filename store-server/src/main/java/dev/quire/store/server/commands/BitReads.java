package dev.quire.store.server.commands;

import dev.quire.store.server.run.Call;
import dev.quire.store.server.run.Refusal;

/// Commands that read bits. Bit 0 is the highest one of the first byte.
final class BitReads {

  private static final long MAX_BITS = 512L << 23;

  private BitReads() {}

  static void bind(Routes to) {
    to.read("getbit", BitReads::getBit);
    to.read("bitcount", BitReads::count);
    to.read("bitpos", BitReads::position);
  }

  /// The place of a bit.
  static long offset(Call call, int index) {
    String problem = "ERR bit offset is not an integer or out of range";
    return call.number(index, 0, MAX_BITS - 1, problem);
  }

  private static void getBit(Call call) {
    long offset = offset(call, 2);
    byte[] part = call.table().get(call.word(1), offset >> 3, 1);
    call.looked(call.word(1), part != null);
    call.out().number(part != null && part.length > 0 && isSet(part, offset & 7));
  }

  static boolean isSet(byte[] bytes, long offset) {
    return (bytes[(int) (offset >> 3)] & (0x80 >> (offset & 7))) != 0;
  }

  /// Bits from `first` to `last`; none if `first` is greater.
  private record Span(long first, long last) {}

  /// The bits that the words from `index` on name.
  private static Span span(Call call, int index, byte[] value) {
    long size = value.length;
    boolean bits = false;
    if (call.count() > index + 2) {
      bits =
          switch (call.option(index + 2)) {
            case "bit" -> true;
            case "byte" -> false;
            default -> throw Refusal.syntax();
          };
    }
    long length = bits ? size << 3 : size;
    long first = call.count() > index ? fromEnd(call.number(index), length) : 0;
    long last = call.count() > index + 1 ? fromEnd(call.number(index + 1), length) : length - 1;
    last = Math.min(last, length - 1);
    return first > last
        ? new Span(1, 0)
        : bits ? new Span(first, last) : new Span(first << 3, (last << 3) + 7);
  }

  private static long fromEnd(long index, long length) {
    return index < 0 ? Math.max(0, length + index) : index;
  }

  private static void count(Call call) {
    byte[] value = call.table().get(call.word(1));
    call.looked(call.word(1), value != null);
    if (value == null) {
      call.out().number(0);
      return;
    }
    if (call.count() == 3 || call.count() > 5) {
      throw Refusal.syntax();
    }
    if (call.count() > 3) {
      long from = call.number(2);
      long to = call.number(3);
      if (from < 0 && to < 0 && from > to) {
        call.out().number(0);
        return;
      }
    }
    Span span = span(call, 2, value);
    long count = 0;
    long bit = span.first;
    while (bit <= span.last) {
      if ((bit & 7) == 0 && bit + 7 <= span.last) {
        count += Integer.bitCount(value[(int) (bit >> 3)] & 0xFF);
        bit += 8;
      } else {
        count += isSet(value, bit) ? 1 : 0;
        bit++;
      }
    }
    call.out().number(count);
  }

  private static void position(Call call) {
    long wanted;
    wanted = call.number(2);
    if (wanted != 0 && wanted != 1) {
      throw new Refusal("ERR The bit argument must be 1 or 0.");
    }
    if (call.count() > 6) {
      throw Refusal.syntax();
    }
    byte[] value = call.table().get(call.word(1));
    call.looked(call.word(1), value != null);
    if (value == null) {
      call.out().number(wanted == 1 ? -1 : 0);
      return;
    }
    Span span = span(call, 3, value);
    long found = find(value, span, wanted == 1);
    if (found < 0 && wanted == 0 && call.count() < 5 && span.first <= span.last) {
      found = (long) value.length << 3;
    }
    call.out().number(found);
  }

  private static long find(byte[] value, Span span, boolean wanted) {
    int skipped = wanted ? 0 : 0xFF;
    long bit = span.first;
    while (bit <= span.last) {
      if ((bit & 7) == 0 && bit + 7 <= span.last && (value[(int) (bit >> 3)] & 0xFF) == skipped) {
        bit += 8;
      } else if (isSet(value, bit) == wanted) {
        return bit;
      } else {
        bit++;
      }
    }
    return -1;
  }
}
