// Pickers of units: what somebody types into one is looked for, and what it may mean is proposed.
const PAUSE = 150;

for (const input of document.querySelectorAll("input[data-units]")) {
  let asked = 0;
  input.addEventListener("input", async () => {
    const turn = ++asked;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (turn !== asked || input.value.trim() === "") return;
    const answer = await fetch(`/desk/board/units?q=${encodeURIComponent(input.value.split(" ")[0])}`).catch(() => null);
    if (!answer?.ok || turn !== asked) return;
    input.list.replaceChildren(...(await answer.json()).map((each) => {
      const option = document.createElement("option");
      option.value = `${each.code} ${each.name}`;
      option.label = [each.name, each.tier, each.in].filter(Boolean).join(" · ");
      return option;
    }));
  });
}
