package dev.rszshm.cli.worker;

import java.util.List;
import java.util.function.Function;

/**
 * How the workers of a command are started.
 *
 * @param mainClass their main class, a {@link WorkerMain}
 * @param flags JVM flags, besides those that all workers get
 * @param words the command line of the worker with a letter
 */
public record WorkerCommand(
    String mainClass, List<String> flags, Function<Character, List<String>> words) {}
