export interface Line {
  speaker: "Host" | "Guest";
  text: string;
}

/** The conversation as templates write it. With `LANGUAGE_MODEL=path.gguf` a small real model answers (see README.md). */
export async function writeLines(topic: string, exchanges: number, signal: AbortSignal): Promise<Line[]> {
  const subject = topic.trim().replace(/[.?!]+$/, "");
  const path = process.env["LANGUAGE_MODEL"];
  const model = path === undefined ? undefined : await openModel(path);
  try {
    const lines: Line[] = [{ speaker: "Host", text: `Welcome. Today we talk about ${subject}.` }];
    for (let exchange = 0; exchange < exchanges; exchange += 1) {
      signal.throwIfAborted();
      const question = questions[exchange % questions.length]?.(subject) ?? "";
      const answer = answers[exchange % answers.length]?.(subject) ?? "";
      lines.push({ speaker: "Host", text: question });
      lines.push({ speaker: "Guest", text: (await model?.ask(question, signal)) ?? answer });
    }
    return [...lines, { speaker: "Host", text: "Thank you, and goodbye." }];
  } finally {
    await model?.close();
  }
}

const questions: readonly ((subject: string) => string)[] = [
  (subject) => `What surprised you most about ${subject}?`,
  (subject) => `Who should care about ${subject}?`,
  () => "And what do most people get wrong?",
  () => "Where can somebody start?",
];

const answers: readonly ((subject: string) => string)[] = [
  () => "How much of it happens where nobody looks.",
  (subject) => `Everybody who ever wondered why ${subject} works at all.`,
  () => "They think it is one thing. It is many small ones, joined.",
  () => "With one example that runs, and then a change of one line.",
];

interface Model {
  ask(question: string, signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

/** A language model on this machine through `node-llama-cpp`, which is installed only by those who want it. */
async function openModel(modelPath: string): Promise<Model> {
  const name = "node-llama-cpp";
  const { getLlama, LlamaChatSession } = await import(name);
  const llama = await getLlama({ build: "never", gpu: false });
  const model = await llama.loadModel({ modelPath });
  // Without `threads` llama.cpp takes more than a small machine has, and waits for itself.
  const context = await model.createContext({ threads: 2, contextSize: 1024 });
  const session = new LlamaChatSession({
    contextSequence: context.getSequence(),
    systemPrompt: "You are a guest in a podcast. Answer in one short sentence.",
  });
  return {
    async ask(question, signal) {
      const answer: string = await session.prompt(question, { maxTokens: 60, signal });
      return answer.trim().split("\n")[0] ?? "";
    },
    close: () => llama.dispose(),
  };
}
