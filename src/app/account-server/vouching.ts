import { decodeToken, verifyToken } from '../../domain/token/decode.js';
import type { AccountEntry, OperatorEntry, Tree } from '../../domain/tree/tree.js';
import { requireAuthentic } from '../../domain/trust/authentic.js';
import { brokenChain } from '../../domain/trust/broken-chain.js';
import { operatorEnd } from '../../domain/trust/refusal.js';
import { verifyAccount, verifyOperator } from '../../domain/trust/verify.js';
import { quote } from '../../lib/display.js';

/** Who may be handed out. A signature is verified once for each token that a name has had. */
export class Vouching {
  readonly #authentic = new Map<string, string>();
  #operator: string | undefined;

  /**
   * The operator, which has to vouch for itself.
   *
   * @throws NscError `bad-token`, `broken-chain`, and what reading throws
   */
  operatorOf({ operator }: Tree): OperatorEntry {
    if (operator.token === this.#operator) return operator;
    requireAuthentic('operator', operator);
    const refusal = verifyOperator(operator, { signatures: false });
    if (refusal) throw brokenChain(operatorEnd(operator), refusal);
    this.#operator = operator.token;
    return operator;
  }

  /**
   * Why an account is not to be handed out: only those are that the operator signed, with a key that may. Being valid
   * now is not asked: whoever gets it does that.
   */
  refuse(account: AccountEntry, operator: OperatorEntry): string | undefined {
    if (this.#authentic.get(account.name) !== account.token) {
      if (!verifyToken(decodeToken(account.token))) {
        return `the JWT of account ${quote(account.name)} does not hold what its issuer signed`;
      }
      this.#authentic.set(account.name, account.token);
    }
    return verifyAccount(account, operator, { signatures: false })?.message;
  }
}
