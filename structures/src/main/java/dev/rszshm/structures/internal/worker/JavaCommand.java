package dev.rszshm.structures.internal.worker;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** The command line of a worker's JVM. What the user says comes last, so that it prevails. */
public final class JavaCommand {
  private static final String MODULE = "dev.rszshm.structures";
  private static final int NATIVE_ACCESS_SINCE = 24;
  private static final int LOG_OF_CACHES_SINCE = 24;

  /** Where a user says options for every JVM. */
  private static final List<String> OPTIONS_OF_ALL =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w*GC\\b");

  private JavaCommand() {}

  /** Returns the words of the command. */
  public static List<String> of(JavaOptions java, Map<String, String> environment) {
    List<String> options = optionsOfAll(environment);
    int feature = Jdks.feature(java.home());
    List<String> command = new ArrayList<>();
    command.add(java.launcher().toString());
    // Two collectors in one command line exclude each other, and the user's goes first.
    if (!names(COLLECTOR, java.flags()) && !names(COLLECTOR, options)) {
      command.add("-XX:+UseSerialGC");
    }
    command.addAll(common(feature, isModular(java)));
    StartCache.Start start = StartCache.find(java, environment, options);
    command.addAll(start.flags());
    if (java.maximumHeap() != 0) {
      command.add("-Xmx" + java.maximumHeap());
    }
    command.addAll(java.flags());
    if (!start.classPath().isEmpty()) {
      command.add("-cp");
      command.add(start.classPath());
    }
    if (isModular(java)) {
      command.add("-p");
      command.add(java.modulePath());
      // jnr-ffi is not made of modules, and its parts find each other only when all are there.
      command.add("--add-modules");
      command.add("jdk.unsupported,ALL-MODULE-PATH");
      command.add("-m");
      command.add(MODULE + "/" + WorkerMain.class.getName());
    } else {
      command.add(WorkerMain.class.getName());
    }
    return command;
  }

  /** Returns the beginning of the command of a JVM on a class path, as workers have it. */
  static List<String> plain(Path home, int feature) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin").resolve("java").toString());
    command.add("-XX:+UseSerialGC");
    command.addAll(common(feature, false));
    return command;
  }

  private static List<String> common(int feature, boolean modular) {
    List<String> flags = new ArrayList<>();
    // A JVM that is killed would leave its file of counters behind.
    flags.add("-XX:-UsePerfData");
    // What a JVM says of itself is for people, and what it says of its archives for nobody.
    flags.add("-Xlog:disable");
    flags.add(
        feature >= LOG_OF_CACHES_SINCE
            ? "-Xlog:all=warning,cds*=off,aot*=off:stderr"
            : "-Xlog:all=warning,cds*=off:stderr");
    // Few system calls do not pay for generating code to make them.
    flags.add("-Djnr.ffi.asm.enabled=false");
    if (feature >= NATIVE_ACCESS_SINCE) {
      flags.add(
          "--enable-native-access="
              + (modular ? "dev.rszshm.heap,org.jnrproject.jffi" : "ALL-UNNAMED"));
    }
    return flags;
  }

  /** Returns what variables of an environment say for every JVM. */
  private static List<String> optionsOfAll(Map<String, String> environment) {
    return OPTIONS_OF_ALL.stream().map(environment::get).filter(Objects::nonNull).toList();
  }

  private static boolean names(Pattern flag, List<String> flags) {
    return flags.stream().anyMatch(text -> flag.matcher(text).find());
  }

  private static boolean isModular(JavaOptions java) {
    return !java.modulePath().isEmpty() && WorkerMain.class.getModule().isNamed();
  }
}
