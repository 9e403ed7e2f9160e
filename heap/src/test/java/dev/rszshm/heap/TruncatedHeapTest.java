package dev.rszshm.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.faults.SharedMemoryDirectory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file that somebody truncates behind our back ends in an error, never in a dead JVM. */
class TruncatedHeapTest {
  @TempDir(factory = SharedMemoryDirectory.class)
  Path directory;

  @ParameterizedTest
  @CsvSource({"-Xint, 0", "-Xmixed, 0", "-Xmixed, 20000"})
  void truncatedHeapIsSurvived(String mode, int warmUp) throws Exception {
    ForkedJava java =
        ForkedJava.run(
            List.of(mode),
            TruncatedHeapMain.class,
            directory.resolve("heap").toString(),
            "" + warmUp);
    assertTrue(java.output().endsWith("survived"), java::output);
    assertEquals(0, java.status(), java::output);
  }
}
