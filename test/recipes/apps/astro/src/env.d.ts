declare namespace App {
  interface Locals {
    principal: import('keywright').Principal;
  }
}
