type Item = { name: string; price: number }

/** Nothing is sold below ten. */
export function checkout(items: readonly Item[]): number {
  const total = items.reduce((sum, item) => sum + item.price, 0)
  return new Receipt(total).print()
}

class Receipt {
  readonly #total: number

  constructor(total: number) {
    this.#total = total
  }

  print(): number {
    // A comment that no minifier keeps.
    if (this.#total < 10) throw new RangeError(`too little: ${this.#total}`)
    return this.#total
  }
}
