package dev.rszshm.structures.struct;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets fields be added to a struct later, at its end. Such a struct begins with a header of 8 bytes
 * that holds its length and version: a newer program learns from it which fields an older one did
 * not know. A struct without it is as in C, and stays as it is.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE})
public @interface Extensible {}
