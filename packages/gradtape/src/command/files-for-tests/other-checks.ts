interface Check {
  check(): unknown;
}

export const later: Check = { check: async () => ({ passed: true, toString: () => 'in time' }) };
export const odd: Check = { check: () => 3 };
