package dev.rszshm.cli.kind;

import java.util.Map;

/**
 * What a root is at the moment.
 *
 * @param kind its kind in a word or two: {@code map}
 * @param text what it is, in one line for people: {@code map of 12 entries}
 * @param facts the same for programs
 */
public record Description(String kind, String text, Map<String, Object> facts) {}
