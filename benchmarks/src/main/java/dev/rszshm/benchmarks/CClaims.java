package dev.rszshm.benchmarks;

import dev.rszshm.testkit.process.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The processes of claim.c. */
final class CClaims implements LapGroup {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Pattern SECONDS = Pattern.compile("\"seconds\":([0-9.]+)");
  private static final int MOST_LAPS = 1_000_000;

  private final WorkerProcess parent;
  private final ClaimSetting setting;

  CClaims(Path program, ClaimSetting setting) {
    this.setting = setting;
    parent =
        WorkerProcess.start(
            LIMIT,
            List.of(
                program.toString(),
                "--driven",
                "--laps",
                Integer.toString(MOST_LAPS),
                "--processes",
                Integer.toString(setting.processes()),
                "--bytes",
                Long.toString(setting.bytes()),
                "--claim",
                Integer.toString(setting.claim()),
                "--width",
                Integer.toString(setting.width())));
  }

  @Override
  public Lap lap() {
    String answer = parent.ask("lap");
    Matcher matcher = SECONDS.matcher(answer);
    if (!matcher.find()) {
      throw new IllegalStateException("claim said \"" + answer + "\", expected \"seconds\" in it");
    }
    return new Lap((long) (Double.parseDouble(matcher.group(1)) * 1e9), setting.bytes());
  }

  @Override
  public long finding(int index) {
    throw new UnsupportedOperationException("claim tells nothing but the time");
  }

  @Override
  public void close() {
    parent.closeInput();
    parent.awaitSuccess();
    parent.close();
  }
}
