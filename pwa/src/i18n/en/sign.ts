/** The page of a receiver who signs on a phone of their own. */
export const sign = {
  title: "Your delivery",
  order: "Order {number}",
  parcels: "{n} {n:parcel|parcels}",
  handedOver: "Handed over to you",
  pieces: "{delivered} of {qty}",
  name: "Your name",
  nameNeeded: "Enter your name.",
  pin: "PIN from the message that you were sent",
  pinNeeded: "Enter the PIN.",
  signNeeded: "Sign with your name, not a dot.",
  sign: "Sign",
  signing: "Sending…",
  done: "Thank you",
  doneText: "The driver has your signature. You may close this page.",
  gone: "This link has ended",
  goneText:
    "It was used already or is too old. Ask the driver for a new one, or sign on the driver’s phone.",
  offline: "No network. Try again, or sign on the driver’s phone.",
} as const;
