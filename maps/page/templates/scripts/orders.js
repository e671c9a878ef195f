/* The list of pockets in the order a reader chooses; their numbers stay. */

const orderOf = (id) => data.orders.find((order) => order.id === id);

function showOrder(id) {
  const order = orderOf(id);
  if (!order || !byId("order")) return;
  byId("order").value = id;
  byId("behind").textContent = order.heading;
  const list = document.querySelector("#pockets ol");
  const items = new Map([...list.children].map((item) => [Number(item.querySelector("button").value), item]));
  for (const place of order.places) {
    items.get(place).querySelector(".number").textContent = order.texts[place];
    list.append(items.get(place));
  }
}
