package dev.quire.store.internal.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.store.internal.page.SharedAreas.Area;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Goal: `docs/FORMAT.md`, the doc comments and the code describe one format.
///
/// Method: each layout is printed as a table, each set of codes as a list, and compared with what
/// the document has under the heading of that name.
final class FormatDocTest {

  private static final FormatDoc DOC = FormatDoc.read();

  /// A struct: its class, its layout, and what the document calls it.
  record Struct(Class<?> type, StructLayout layout) {

    String heading() {
      return "### `" + type.getSimpleName() + "`, " + layout.byteSize() + " bytes";
    }

    /// Offset, size and name of each field.
    List<String> fields() {
      List<String> fields = new ArrayList<>();
      long offset = 0;
      for (MemoryLayout field : layout.memberLayouts()) {
        fields.add(offset + " | " + field.byteSize() + " | " + field.name().orElseThrow());
        offset += field.byteSize();
      }
      return fields;
    }

    @Override
    public String toString() {
      return type.getSimpleName();
    }
  }

  static Stream<Struct> structs() {
    return Stream.of(
        new Struct(SuperblockPage.class, SuperblockPage.LAYOUT),
        new Struct(PageHeader.class, PageHeader.LAYOUT),
        new Struct(TableRecord.class, TableRecord.LAYOUT),
        new Struct(LockRecord.class, LockRecord.LAYOUT),
        new Struct(LeaseRecord.class, LeaseRecord.LAYOUT),
        new Struct(QueueState.class, QueueState.LAYOUT),
        new Struct(RedoRecord.class, RedoRecord.LAYOUT),
        new Struct(RedoOperation.class, RedoOperation.LAYOUT),
        new Struct(SharedHeader.class, SharedHeader.LAYOUT),
        new Struct(CheckpointRecord.class, CheckpointRecord.LAYOUT),
        new Struct(HeadRecord.class, HeadRecord.LAYOUT),
        new Struct(ProcessSlot.class, ProcessSlot.LAYOUT),
        new Struct(ReaderSlot.class, ReaderSlot.LAYOUT),
        new Struct(ProcessMetrics.class, ProcessMetrics.LAYOUT),
        new Struct(LatencyHistogram.class, LatencyHistogram.LAYOUT),
        new Struct(PendingEntry.class, PendingEntry.LAYOUT),
        new Struct(IncrementPage.class, IncrementPage.LAYOUT));
  }

  @ParameterizedTest
  @MethodSource("structs")
  void document_ofEachStruct_hasItsFields(Struct struct) {
    assertEquals(struct.fields(), firstCells(DOC.table(struct.heading()), 3));
  }

  @ParameterizedTest
  @MethodSource("structs")
  void classDoc_ofEachStruct_hasItsFields(Struct struct) {
    assertEquals(struct.fields(), firstCells(FormatDoc.classDoc(struct.type()), 3));
  }

  @Test
  void structs_withALayout_areAllHere() throws ReflectiveOperationException {
    List<String> known = structs().map(Struct::toString).toList();
    for (String line : FormatDoc.readLines("docs/FORMAT.md")) {
      if (line.startsWith("### `") && line.endsWith(" bytes")) {
        assertTrue(known.contains(line.substring(5, line.lastIndexOf('`'))), line);
      }
    }
    for (Struct struct : structs().toList()) {
      Field layout = struct.type().getDeclaredField("LAYOUT");
      assertEquals(struct.layout(), layout.get(null));
    }
  }

  @Test
  void pageTypes_inTheDocument_areTheCodes() {
    assertEquals(
        Arrays.stream(PageType.values()).map(t -> t.code() + " | " + t).toList(),
        firstCells(DOC.table("### `PageType`"), 2));
  }

  @Test
  void areas_inTheDocument_areTheCodes() {
    assertEquals(
        Arrays.stream(Area.values()).map(area -> area.code() + " | " + area).toList(),
        firstCells(DOC.table("### `Area`"), 2));
  }

  @Test
  void recordKinds_inTheDocument_areTheCodes() {
    assertEquals(
        List.of(
            RedoRecord.COMMIT + " | COMMIT",
            RedoRecord.SKIP + " | SKIP",
            RedoRecord.VOID + " | VOID"),
        firstCells(DOC.table("### Record kinds"), 2));
  }

  @Test
  void operations_inTheDocument_areTheCodes() {
    assertEquals(
        List.of(
            RedoOperation.PUT + " | PUT",
            RedoOperation.DELETE + " | DELETE",
            RedoOperation.DELETE_RANGE + " | DELETE_RANGE",
            RedoOperation.CREATE_TABLE + " | CREATE_TABLE",
            RedoOperation.DROP_TABLE + " | DROP_TABLE",
            RedoOperation.CLEAR_TABLE + " | CLEAR_TABLE"),
        firstCells(DOC.table("### Operations"), 2));
    assertEquals(
        List.of(
            RedoOperation.HAS_FROM + " | HAS_FROM",
            RedoOperation.FROM_INCLUSIVE + " | FROM_INCLUSIVE",
            RedoOperation.HAS_TO + " | HAS_TO",
            RedoOperation.TO_INCLUSIVE + " | TO_INCLUSIVE"),
        firstCells(DOC.table("### Range flags"), 2));
  }

  @Test
  void noteStates_inTheDocument_areTheCodes() {
    assertEquals(
        List.of(
            NoteRecord.NONE + " | NONE",
            NoteRecord.PUBLISH + " | PUBLISH",
            NoteRecord.PREPARED + " | PREPARED"),
        firstCells(DOC.table("### Note states"), 2));
    assertEquals(
        List.of(
            PlanRecord.NONE + " | NONE",
            PlanRecord.PLANNED + " | PLANNED",
            PlanRecord.ABANDONED + " | ABANDONED"),
        firstCells(DOC.table("### Plan states"), 2));
  }

  @Test
  void limits_inTheDocument_areTheConstants() throws ReflectiveOperationException {
    List<String> constants = new ArrayList<>();
    for (Field field : Limits.class.getDeclaredFields()) {
      if (Modifier.isPublic(field.getModifiers())) {
        constants.add(field.getName() + " | " + field.get(null));
      }
    }
    assertEquals(constants, firstCells(DOC.table("## Limits"), 2));
  }

  @Test
  void limits_ofPageSizes_areAsComputed() {
    List<String> computed = new ArrayList<>();
    int small = Limits.MIN_PAGE_SIZE_BYTES;
    int large = Limits.MAX_PAGE_SIZE_BYTES;
    computed.add(
        line(
            "maxInlineKeyBytes", Limits.maxInlineKeyBytes(small), Limits.maxInlineKeyBytes(large)));
    computed.add(
        line(
            "spilledKeyInlineBytes",
            Limits.spilledKeyInlineBytes(small),
            Limits.spilledKeyInlineBytes(large)));
    computed.add(
        line("maxPrefixBytes", Limits.maxPrefixBytes(small), Limits.maxPrefixBytes(large)));
    computed.add(line("maxEntryBytes", Limits.maxEntryBytes(small), Limits.maxEntryBytes(large)));
    List<String> documented =
        DOC.table("## Limits", 1).stream()
            .map(
                row -> row.cells().get(0) + " | " + row.cells().get(2) + " | " + row.cells().get(3))
            .toList();
    assertEquals(computed, documented);
  }

  @Test
  void versionsAndMagic_inTheDocument_areTheConstants() {
    String versions =
        "Format version: **%d** (`data`), **%d** (`shm`)."
            .formatted(SuperblockPage.FORMAT_VERSION, SharedHeader.VERSION);
    assertTrue(DOC.contains(versions), versions);
    String data = DOC.table("### `SuperblockPage`, 192 bytes").getFirst().cells().getLast();
    assertTrue(data.startsWith("0x%X:".formatted(SuperblockPage.MAGIC)), data);
    String increment = DOC.table("### `IncrementPage`, 192 bytes").getFirst().cells().getLast();
    assertTrue(increment.startsWith("0x%X:".formatted(IncrementPage.MAGIC)), increment);
    String shm = DOC.table("### `SharedHeader`, 1152 bytes").getFirst().cells().getLast();
    assertTrue(shm.startsWith("0x%X:".formatted(SharedHeader.MAGIC)), shm);
  }

  @Test
  void fingerprint_ofTheDocumentsExamples_isAsDocumented() {
    String line =
        "The empty key has fingerprint %d; `a` has %d; the ASCII digits `0123456789` have %d."
            .formatted(fingerprint(""), fingerprint("a"), fingerprint("0123456789"));
    assertTrue(DOC.contains(line), line);
  }

  @Test
  void sizes_ofSlotsInPages_areTheSumsOfTheDocument() {
    assertEquals(1 + 2 + 4, LeafPage.SLOT_BYTES);
    assertEquals(4 + 2 + 8, BranchPage.SLOT_BYTES);
    assertEquals(16 * 4, BranchPage.HINTS_BYTES);
    assertEquals(8 + 2, IntegerLeafPage.SLOT_BYTES);
    assertEquals(8 + 8, IntegerBranchPage.SLOT_BYTES);
    assertEquals(40, OverflowPage.DATA);
    assertEquals(160 + 8 * 3 + 16 * 5, NoteRecord.lengthBytes(3, 5));
    assertEquals(16 + 4 * 3 + 4 * 5, PlanRecord.lengthBytes(3, 5));
    assertEquals(64, HeadRecord.PLACES);
  }

  private static int fingerprint(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
    return Fingerprint.of(bytes, bytes.length);
  }

  private static String line(String name, int small, int large) {
    return name + " | " + small + " | " + large;
  }

  private static List<String> firstCells(List<FormatDoc.Row> rows, int count) {
    return rows.stream().map(row -> row.first(count)).toList();
  }
}
