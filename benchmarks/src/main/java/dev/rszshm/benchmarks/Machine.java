package dev.rszshm.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/** What the figures depend on. */
final class Machine {
  private Machine() {}

  /** One line: processor, kernel, JDK, date, and how busy the machine is already. */
  static String describe() throws IOException {
    return String.format(
        Locale.ROOT,
        "%s, %d processors, Linux %s; JDK %s (%s); %s; load before the run %s",
        processor(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.version"),
        Runtime.version(),
        System.getProperty("java.vendor"),
        LocalDate.now(ZoneOffset.UTC),
        Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
  }

  private static String processor() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
      if (line.startsWith("model name")) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return System.getProperty("os.arch");
  }
}
