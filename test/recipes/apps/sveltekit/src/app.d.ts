import type { Principal } from 'keywright';

declare global {
  namespace App {
    interface Locals {
      principal: Principal;
    }
  }
}
