package dev.rszshm.structures.internal.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The command line of a worker's JVM. */
public final class JavaCommand {
  private static final String MODULE = "dev.rszshm.structures";
  private static final int NATIVE_ACCESS_SINCE = 24;

  /** Where a user says options for every JVM. */
  private static final List<String> OPTIONS_OF_ALL =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private JavaCommand() {}

  /** Returns the words of the command. */
  public static List<String> of(JavaOptions java, List<String> environmentOptions) {
    List<String> command = new ArrayList<>();
    command.add(java.launcher().toString());
    if (!choosesCollector(java.flags(), environmentOptions)) {
      command.add("-XX:+UseSerialGC");
    }
    // A JVM that is killed would leave its file of counters behind.
    command.add("-XX:-UsePerfData");
    if (Jdks.feature(java.home()) >= NATIVE_ACCESS_SINCE) {
      command.add("--enable-native-access=" + nativeAccess(java));
    }
    if (java.maximumHeap() != 0) {
      command.add("-Xmx" + java.maximumHeap());
    }
    command.addAll(java.flags());
    if (!java.classPath().isEmpty()) {
      command.add("-cp");
      command.add(java.classPath());
    }
    if (isModular(java)) {
      command.add("-p");
      command.add(java.modulePath());
      mainModule().ifPresent(module -> command.addAll(List.of("--add-modules", module)));
      command.add("-m");
      command.add(MODULE + "/" + WorkerMain.class.getName());
    } else {
      command.add(WorkerMain.class.getName());
    }
    return command;
  }

  /** Returns what variables of an environment say for every JVM. */
  public static List<String> optionsOfAll(java.util.Map<String, String> environment) {
    return OPTIONS_OF_ALL.stream()
        .map(environment::get)
        .filter(java.util.Objects::nonNull)
        .toList();
  }

  private static boolean isModular(JavaOptions java) {
    return !java.modulePath().isEmpty() && WorkerMain.class.getModule().isNamed();
  }

  private static Optional<String> mainModule() {
    return Optional.ofNullable(System.getProperty("jdk.module.main"));
  }

  private static String nativeAccess(JavaOptions java) {
    return isModular(java) ? "dev.rszshm.heap,org.jnrproject.jffi,ALL-UNNAMED" : "ALL-UNNAMED";
  }

  /** Two collectors in one command line exclude each other, and the user's goes first. */
  private static boolean choosesCollector(List<String> flags, List<String> environmentOptions) {
    return flags.stream().anyMatch(flag -> flag.matches("-XX:\\+Use\\w*GC"))
        || environmentOptions.stream().anyMatch(o -> o.matches("(?s).*-XX:\\+Use\\w*GC.*"));
  }
}
