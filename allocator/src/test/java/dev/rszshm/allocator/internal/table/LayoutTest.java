package dev.rszshm.allocator.internal.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the tables in the documentation of the layouts say is what the code does. */
class LayoutTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/rszshm/allocator/internal/table");
  private static final Pattern ROW = Pattern.compile(" \\* +(\\d+) +(\\d+) (\\S.*)");

  /** Constants of a layout that are no offsets. */
  private static final Set<String> OTHERS =
      Set.of(
          "LENGTH",
          "MAGIC_VALUE",
          "CURRENT_VERSION",
          "FLAG_CHECKING",
          "OWNER_LENGTH",
          "DESCRIPTOR_LENGTH",
          "MAX_BLOCKS",
          "NAME_CAPACITY");

  private static final Set<String> STATES = Set.of("FREE", "LIVE", "RECOVERING", "IN_USE");

  @Test
  void pageOfTheAllocator() throws Exception {
    require(AllocatorLayout.class, AllocatorLayout.LENGTH);
  }

  @Test
  void lanes() throws Exception {
    require(LaneLayout.class, LaneLayout.LENGTH);
  }

  @Test
  void roots() throws Exception {
    require(RootLayout.class, RootLayout.LENGTH);
  }

  @Test
  void chunks() throws Exception {
    require(ChunkLayout.class, ChunkLayout.DESCRIPTOR_LENGTH);
    assertEquals(ChunkLayout.MAX_BLOCKS, 8 * (ChunkLayout.REMOTE - ChunkLayout.LOCAL));
  }

  @Test
  void hints() throws Exception {
    Map<Integer, Integer> rows = rows("HintLayout");
    assertEquals(Map.of(0, 8, 8, 8 * SizeClasses.COUNT), rows);
    assertEquals(HintLayout.GROUP_LENGTH, 8 + 8 * SizeClasses.COUNT);
    assertEquals(0, 8 * HintLayout.EMPTY);
    assertEquals(8, 8 * HintLayout.partial(0));
  }

  /** What different threads write at the same time is 128 bytes apart. */
  @Test
  void wordsThatAreContendedAreApart() {
    List<Integer> contended =
        List.of(
            AllocatorLayout.MAGIC,
            AllocatorLayout.FRONTIER,
            AllocatorLayout.LANE_FRONTIER,
            AllocatorLayout.ROOT_LOCK,
            AllocatorLayout.RECOVERIES,
            AllocatorLayout.ROOT_FRONTIER);
    for (int i = 1; i < contended.size(); i++) {
      assertTrue(contended.get(i) - contended.get(i - 1) >= 128);
    }
    assertEquals(0, LaneLayout.LENGTH % 128);
  }

  private static void require(Class<?> layout, int length) throws Exception {
    Map<Integer, Integer> rows = rows(layout.getSimpleName());
    int end = 0;
    for (Map.Entry<Integer, Integer> row : rows.entrySet()) {
      assertTrue(row.getKey() >= end, "the field at " + row.getKey() + " begins before " + end);
      int alignment = Math.min(8, Integer.highestOneBit(row.getValue()));
      assertEquals(0, row.getKey() % alignment, "alignment of the field at " + row.getKey());
      end = row.getKey() + row.getValue();
    }
    assertTrue(end <= length, "fields end at " + end + ", the layout at " + length);
    assertEquals(rows.keySet(), constants(layout));
  }

  private static Map<Integer, Integer> rows(String layout) throws IOException {
    Map<Integer, Integer> rows = new TreeMap<>();
    for (String line : Files.readAllLines(SOURCES.resolve(layout + ".java"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Integer before = rows.put(Integer.valueOf(row.group(1)), Integer.valueOf(row.group(2)));
        assertEquals(null, before, () -> "two fields at one offset: " + line);
      }
    }
    assertTrue(rows.size() > 1, "no table in " + layout);
    return rows;
  }

  private static Set<Integer> constants(Class<?> layout) throws IllegalAccessException {
    Set<Integer> offsets = new TreeSet<>();
    for (Field field : layout.getDeclaredFields()) {
      boolean open = Modifier.isStatic(field.getModifiers()) && !isPrivate(field);
      if (open && !OTHERS.contains(field.getName()) && !STATES.contains(field.getName())) {
        assertTrue(offsets.add(field.getInt(null)), () -> "two constants for one: " + field);
      }
    }
    return offsets;
  }

  private static boolean isPrivate(Field field) {
    return Modifier.isPrivate(field.getModifiers()) || field.isSynthetic();
  }
}
