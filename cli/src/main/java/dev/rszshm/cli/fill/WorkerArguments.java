package dev.rszshm.cli.fill;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a worker is told on its command line.
 *
 * @param letter the worker's name, and what it writes
 * @param path the heap
 * @param total bytes to fill
 * @param claim bytes to claim at a time
 * @param busy whether to make a system call for each byte
 * @param input the file to load; empty: fill with letters
 */
record WorkerArguments(
    char letter, Path path, long total, long claim, boolean busy, Optional<Path> input) {

  static WorkerArguments parse(String[] words) {
    return new WorkerArguments(
        words[0].charAt(0),
        Path.of(words[1]),
        Long.parseLong(words[2]),
        Long.parseLong(words[3]),
        Boolean.parseBoolean(words[4]),
        words.length > 5 ? Optional.of(Path.of(words[5])) : Optional.empty());
  }

  List<String> format() {
    List<String> words = new ArrayList<>();
    words.add(String.valueOf(letter));
    words.add(path.toString());
    words.add(String.valueOf(total));
    words.add(String.valueOf(claim));
    words.add(String.valueOf(busy));
    input.ifPresent(file -> words.add(file.toString()));
    return words;
  }
}
