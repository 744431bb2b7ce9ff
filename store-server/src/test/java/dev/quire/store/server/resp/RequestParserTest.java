package dev.quire.store.server.resp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Goal: requests come out of bytes the same however those are cut; what is none ends in an error,
/// with memory bounded by what has come.
///
/// Method: a stream of requests of all forms is cut at every place; random streams are cut into
/// random pieces and changed at random places. Invariants: the same requests, or one error; never
/// another exception.
final class RequestParserTest {

  private static final long SEED = Long.getLong("quire.seed", System.nanoTime());

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(byte[][] request) {
    List<String> words = new ArrayList<>();
    for (byte[] word : request) {
      words.add(new String(word, StandardCharsets.ISO_8859_1));
    }
    return words.toString();
  }

  private static List<String> all(RequestParser parser) throws ProtocolException {
    List<String> found = new ArrayList<>();
    for (byte[][] request = parser.next(true, 1 << 20);
        request != null;
        request = parser.next(true, 1 << 20)) {
      found.add(text(request));
    }
    parser.trim();
    return found;
  }

  private static List<String> inPieces(byte[] stream, int... ends) throws ProtocolException {
    RequestParser parser = new RequestParser();
    List<String> found = new ArrayList<>();
    int from = 0;
    for (int end : ends) {
      parser.append(stream, from, end - from);
      found.addAll(all(parser));
      from = end;
    }
    parser.append(stream, from, stream.length - from);
    found.addAll(all(parser));
    return found;
  }

  @Test
  void next_streamCutAtEveryByte_isTheSame() throws ProtocolException {
    byte[] stream =
        bytes(
            "*2\r\n$3\r\nGET\r\n$5\r\nk\r\n*1\r\n"
                + "PING\r\n\r\nset a \"b\\x41\\n c\" 'd\\'e'\n"
                + "*0\r\n*-1\r\n*3\r\n$3\r\nSET\r\n$0\r\n\r\n$2\r\n\r\n\r\n*1\r\n$4\r\nQUIT\r\n");
    List<String> whole = inPieces(stream);
    assertEquals(
        List.of(
            "[GET, k\r\n*1]",
            "[PING]",
            "[]",
            "[set, a, bA\n c, d'e]",
            "[]",
            "[]",
            "[SET, , \r\n]",
            "[QUIT]"),
        whole);
    for (int first = 0; first <= stream.length; first++) {
      assertEquals(whole, inPieces(stream, first), "cut at " + first);
    }
    int[] everywhere = new int[stream.length];
    for (int i = 0; i < stream.length; i++) {
      everywhere[i] = i;
    }
    assertEquals(whole, inPieces(stream, everywhere));
  }

  @ParameterizedTest
  @CsvSource({
    "*9223372036854775807, invalid multibulk length",
    "*99999999999999999999, invalid multibulk length",
    "*1048577, invalid multibulk length",
    "*x, invalid multibulk length",
    "'*1\r\n$9223372036854775807', invalid bulk length",
    "'*1\r\n$-1', invalid bulk length",
    "'*1\r\n$1048577', invalid bulk length",
    "'*1\r\n*1', 'expected ''$'', got ''*'''",
    "'\"a', unbalanced quotes in request",
    "'\"a\"b', unbalanced quotes in request",
  })
  void next_notARequest_throws(String line, String message) {
    RequestParser parser = new RequestParser();
    byte[] stream = bytes(line + "\r\n");
    parser.append(stream, 0, stream.length);
    ProtocolException thrown =
        assertThrows(ProtocolException.class, () -> parser.next(true, 1 << 20));
    assertEquals(message, thrown.getMessage());
  }

  @Test
  void next_beforeAuthentication_isLimited() throws ProtocolException {
    assertThrows(ProtocolException.class, () -> before("*11\r\n"));
    assertThrows(ProtocolException.class, () -> before("*1\r\n$16385\r\n"));
    assertNull(before("*10\r\n$16384\r\n"));
  }

  private static byte[][] before(String text) throws ProtocolException {
    RequestParser parser = new RequestParser();
    parser.append(bytes(text), 0, text.length());
    return parser.next(false, 1 << 20);
  }

  @Test
  void next_greatClaims_takeNoMemory() throws ProtocolException {
    RequestParser parser = new RequestParser();
    byte[] claim = bytes("*1048576\r\n$536870912\r\n");
    parser.append(claim, 0, claim.length);
    assertNull(parser.next(true, 512L << 20));
    assertTrue(parser.array().length < 1024, () -> parser.array().length + " bytes");
  }

  @Test
  void next_lineWithoutEnd_throws() {
    RequestParser parser = new RequestParser();
    byte[] letters = new byte[RequestParser.MAX_LINE_BYTES + 1];
    java.util.Arrays.fill(letters, (byte) 'a');
    parser.append(letters, 0, letters.length);
    assertThrows(ProtocolException.class, () -> parser.next(true, 1 << 20));
  }

  @Test
  void next_randomStreams_areTheSameOrAnError() throws ProtocolException {
    int rounds = Boolean.getBoolean("quire.campaign") ? 200_000 : 2_000;
    System.out.println("RequestParserTest: -Dquire.seed=" + SEED);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int round = 0; round < rounds; round++) {
      List<String> expected = new ArrayList<>();
      StringBuilder stream = new StringBuilder();
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        byte[][] request = request(random);
        expected.add(text(request));
        stream.append('*').append(request.length).append("\r\n");
        for (byte[] word : request) {
          stream.append('$').append(word.length).append("\r\n");
          stream.append(new String(word, StandardCharsets.ISO_8859_1)).append("\r\n");
        }
      }
      byte[] sent = bytes(stream.toString());
      int[] cuts = random.ints(random.nextInt(6), 0, sent.length).sorted().toArray();
      assertEquals(expected, inPieces(sent, cuts), "seed " + SEED + " round " + round);
      sent[random.nextInt(sent.length)] = (byte) random.nextInt(256);
      try {
        List<String> _ = inPieces(sent, cuts);
      } catch (ProtocolException e) {
        assertTrue(e.getMessage().length() < 100, e.getMessage());
      }
    }
  }

  private static byte[][] request(SplittableRandom random) {
    byte[][] request = new byte[random.nextInt(1, 5)][];
    for (int i = 0; i < request.length; i++) {
      request[i] = new byte[random.nextInt(12)];
      random.nextBytes(request[i]);
    }
    return request;
  }

  @Test
  void append_manyTimes_keepsWhatIsHeld() throws ProtocolException {
    RequestParser parser = new RequestParser();
    byte[] head = bytes("*1\r\n$300000\r\n");
    parser.append(head, 0, head.length);
    byte[] body = new byte[300_002];
    new SplittableRandom(1).nextBytes(body);
    for (int i = 0; i < body.length; i += 1_000) {
      assertNull(parser.next(true, 1 << 20));
      parser.append(body, i, Math.min(1_000, body.length - i));
    }
    byte[][] request = parser.next(true, 1 << 20);
    assertArrayEquals(java.util.Arrays.copyOf(body, 300_000), request[0]);
  }
}
