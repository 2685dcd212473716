// Lists the places of a tree that lie outside the grammar. Implements spec/shell.md section 3.3. Twin of go/change/shell.

import type { Span } from "../../base/span.js";
import type { Assignment, Command, Pipeline, Redirect, Script, UnsupportedReason, Word, WordPart } from "./syntax.js";

export interface UnsupportedPlace {
  readonly reason: UnsupportedReason;
  readonly span: Span;
}

/** Every unsupported command and part, in the order of the tree. */
export function unsupportedPlaces(script: Script): readonly UnsupportedPlace[] {
  const found: UnsupportedPlace[] = [];
  visitScript(script, found);
  return found;
}

function visitScript(script: Script, found: UnsupportedPlace[]): void {
  for (const item of script.items) {
    visitPipeline(item.first, found);
    for (const { pipeline } of item.rest) visitPipeline(pipeline, found);
  }
}

function visitPipeline(pipeline: Pipeline, found: UnsupportedPlace[]): void {
  for (const command of pipeline.commands) visitCommand(command, found);
}

function visitCommand(command: Command, found: UnsupportedPlace[]): void {
  switch (command.kind) {
    case "unsupported":
      found.push({ reason: command.reason, span: command.span });
      break;
    case "simple":
      for (const assignment of command.assignments) visitAssignment(assignment, found);
      visitWords(command.words, found);
      break;
    case "subshell":
    case "group":
      visitScript(command.body, found);
      break;
    case "if":
      for (const { condition, body } of command.clauses) {
        visitScript(condition, found);
        visitScript(body, found);
      }
      if (command.otherwise !== null) visitScript(command.otherwise, found);
      break;
    case "while":
    case "until":
      visitScript(command.condition, found);
      visitScript(command.body, found);
      break;
    case "for":
      visitWords(command.values ?? [], found);
      visitScript(command.body, found);
      break;
    case "arithmetic_for":
      visitWords([command.expression], found);
      visitScript(command.body, found);
      break;
    case "case":
      visitWords([command.subject], found);
      for (const { patterns, body } of command.branches) {
        visitWords(patterns, found);
        visitScript(body, found);
      }
      break;
    case "function":
      visitCommand(command.body, found);
      break;
    case "test":
      visitWords(command.words, found);
      break;
    case "arithmetic":
      visitWords([command.expression], found);
      break;
  }
  visitRedirects(command.redirects, found);
}

function visitAssignment(assignment: Assignment, found: UnsupportedPlace[]): void {
  if (assignment.subscript !== null) visitWords([assignment.subscript], found);
  if (assignment.value !== null) visitWords([assignment.value], found);
  visitWords(assignment.elements ?? [], found);
}

function visitRedirects(redirects: readonly Redirect[], found: UnsupportedPlace[]): void {
  for (const { target } of redirects) visitWords([target], found);
}

function visitWords(words: readonly Word[], found: UnsupportedPlace[]): void {
  for (const word of words) for (const part of word.parts) visitPart(part, found);
}

function visitPart(part: WordPart, found: UnsupportedPlace[]): void {
  switch (part.kind) {
    case "literal":
    case "quoted":
      break;
    case "double":
    case "arithmetic":
      for (const inner of part.parts) visitPart(inner, found);
      break;
    case "parameter":
      if (part.subscript !== null) visitWords([part.subscript], found);
      visitWords(part.arguments, found);
      break;
    case "command_substitution":
    case "process_substitution":
      visitScript(part.body, found);
      break;
    case "unsupported":
      found.push({ reason: part.reason, span: part.span });
      break;
  }
}
