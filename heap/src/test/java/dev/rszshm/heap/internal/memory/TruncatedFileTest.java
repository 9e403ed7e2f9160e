package dev.rszshm.heap.internal.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TruncatedFileTest {
  private static final String INTERPRETER = "-Xint";
  private static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";
  private static final String SECOND_COMPILER = "-XX:-TieredCompilation";

  @TempDir Path directory;

  static Stream<Arguments> modes() {
    return Implementations.HERE.stream()
        .flatMap(
            name ->
                Stream.of(
                    Arguments.of(name, INTERPRETER, 0),
                    Arguments.of(name, INTERPRETER, 2), // finds its calls linked
                    Arguments.of(name, FIRST_COMPILER, 2_000),
                    Arguments.of(name, SECOND_COMPILER, 20_000)));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void missingPageIsAnErrorAndTheJvmLives(String implementation, String mode, int rehearsals)
      throws Exception {
    List<String> flags = new ArrayList<>(ForkedJvm.nativeAccess());
    flags.add(mode);
    ForkedJvm.Result result =
        ForkedJvm.run(
            directory,
            flags,
            TruncatedFileMain.class,
            implementation,
            directory.resolve("file").toString(),
            String.valueOf(rehearsals));
    assertEquals(0, result.exitCode(), result.output());
    assertTrue(result.output().contains("alive"), result.output());
    if (mode.equals(INTERPRETER)) { // compiled code may tell later than the next operation
      for (String operation : TruncatedFileMain.operations().keySet()) {
        assertTrue(result.output().contains("error " + operation + "\n"), result.output());
      }
    }
  }
}
