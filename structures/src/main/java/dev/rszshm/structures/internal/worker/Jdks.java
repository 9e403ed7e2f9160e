package dev.rszshm.structures.internal.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a JDK says of itself in its file "release", without a start of it. */
final class Jdks {
  private static final Path OWN = Path.of(System.getProperty("java.home"));
  private static final String VERSION = "JAVA_VERSION=\"";

  private Jdks() {}

  /** Returns its version, such as 17; that of this JVM where it does not say. */
  static int feature(Path home) {
    int own = Runtime.version().feature();
    if (home.equals(OWN)) {
      return own;
    }
    try {
      for (String line : Files.readAllLines(home.resolve("release"), StandardCharsets.ISO_8859_1)) {
        if (line.startsWith(VERSION)) {
          return Integer.parseInt(line.substring(VERSION.length()).split("[^0-9]", 2)[0]);
        }
      }
    } catch (IOException | NumberFormatException e) {
      return own;
    }
    return own;
  }
}
