package dev.rszshm.heap.internal.passing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The message is what its table says, and what programs in other languages were told. */
class PassedHeapLayoutTest {
  private static final Pattern ROW = Pattern.compile("\\* \\| +(\\d+) \\| +(\\d+) \\| ");
  private static final Set<String> NO_OFFSETS =
      Set.of("MESSAGE_LENGTH", "CURRENT_VERSION", "FLAG_PLAIN");

  private static Path source() {
    Path file = Path.of("src/main/java/dev/rszshm/heap/internal/passing/PassedHeapLayout.java");
    return Files.exists(file) ? file : Path.of("heap").resolve(file);
  }

  @Test
  void theTableHasNoGapsAndEveryField() throws Exception {
    Set<Integer> told = new TreeSet<>();
    int end = 0;
    Matcher row = ROW.matcher(Files.readString(source()));
    while (row.find()) {
      assertEquals(end, Integer.parseInt(row.group(1)));
      told.add(end);
      end += Integer.parseInt(row.group(2));
    }
    assertEquals(PassedHeapLayout.MESSAGE_LENGTH, end);
    Set<Integer> coded = new TreeSet<>();
    for (Field field : PassedHeapLayout.class.getFields()) {
      if (field.getType() == int.class && !NO_OFFSETS.contains(field.getName())) {
        coded.add(field.getInt(null));
      }
    }
    assertEquals(told, coded);
  }

  @Test
  void theBytesAreTheSameInEveryVersion() {
    UUID id = new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L);
    byte[] message = new PassedHeap(id, 0x3f0000000000L, 1L << 30, 8192, false).encode();
    assertEquals(
        "52535a504153530a0100000040000000"
            + "0807060504030201100f0e0d0c0b0a09"
            + "00000000003f00000000004000000000"
            + "002000000000000000000000",
        HexFormat.of().formatHex(message, 0, PassedHeapLayout.CHECKSUM));
    byte[] plain = new PassedHeap(new UUID(0, 0), 4096, 4096, 4096, true).encode();
    assertEquals(1, plain[PassedHeapLayout.FLAGS]);
  }
}
