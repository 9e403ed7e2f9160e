package dev.rszshm.benchmarks;

import dev.rszshm.testkit.process.WorkerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The processes of a program that serves laps as laps.h does. */
final class CLaps implements LapGroup {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int NUMBERS = 4;

  private final WorkerProcess parent;
  private long[] answer = new long[NUMBERS];

  /**
   * Starts a program.
   *
   * @param words for it before the name of the work
   */
  CLaps(Path program, LapSetting setting, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(List.of(words));
    command.add(setting.work());
    command.add(Integer.toString(setting.operations()));
    for (int member = 0; member < setting.members(); member++) {
      command.add(setting.placement().word(member));
    }
    parent = WorkerProcess.start(LIMIT, command);
  }

  @Override
  public Lap lap() {
    String line = parent.ask("lap");
    answer = Stream.of(line.split(" ")).mapToLong(Long::parseLong).toArray();
    if (answer.length != NUMBERS) {
      throw new IllegalStateException(
          "the program said \"" + line + "\", expected " + NUMBERS + " numbers");
    }
    return new Lap(answer[0], answer[1]);
  }

  @Override
  public long finding(int index) {
    return answer[2 + index];
  }

  @Override
  public void close() {
    parent.closeInput();
    parent.awaitSuccess();
    parent.close();
  }
}
