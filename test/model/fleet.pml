/*
 * The fleet protocol, for Spin. Rules R1 to R17 have the numbers that the code uses; R16 does not exist.
 * test/model/configurations.ts lists what is checked, test/model/run.ts runs it, and
 * test/model/README.md says how model and code correspond.
 *
 * Each step on the database is one atomic step on committed state: statements on one primary are
 * totally ordered. A hint is not modelled, because a holder may renew at any moment. A pause is a
 * process that is not scheduled while Clock ticks.
 *
 * Key 0 is the key that is revoked. It depends on row 0 (plain changes of its owner) and, with JOINED,
 * on row 1 (joined changes). Without JOINED, row 1 belongs to other owners.
 *
 * Sizes:    NH holders, NR revokers of kinds K0 and K1, L ticks of a lease
 * SAME_EPOCH breaks an assumption: a bump is lost and the epoch stays the same.
 * Features: JOINED, IDS, EPOCH, REG, STAR, IDLE, WALL; AW2: an older acknowledgement is still under way;
 *           INSTANT: a look-up is one step, for rules that are not about look-ups
 */
#ifndef NH
#define NH 1
#endif
#ifndef NR
#define NR 1
#endif
#ifndef L
#define L 1
#endif
#ifndef K0
#define K0 NARROW
#endif
#ifndef K1
#define K1 OTHER
#endif

/*
 * Clocks within 10 % of each other: a lease of L ticks may last one more. A revoker waits for as long,
 * 1.25 leases, by a clock that may be fast. Only the end of a span can be seen, so that the choice at
 * its beginning stands for a clock that drifts anywhere within it.
 */
#ifdef OFF_R12
#define WAIT L
#else
#define WAIT (L+1)
#endif

#define NONE 15

/* Kinds of changes. */
#define NARROW 0         /* of key 0, with a barrier */
#define OTHER 1          /* of another owner, with a barrier */
#define SIBLING 2        /* of another key of the same owner, with a barrier */
#define JOINED_NARROW 3  /* of key 0 in an application's transaction: effective within one lease */
#define JOINED_OTHER 4   /* of another key in an application's transaction */
#define QUICK_SIBLING 5  /* of another key of the same owner; resolves at its commit, as a rotation does */

/* Rows of members. With EPOCH or IDLE a holder can take a second id. */
#if defined(EPOCH) || defined(IDLE)
#define IDS_EACH 2
#else
#define IDS_EACH 1
#endif
#define OWN_ROWS (NH*IDS_EACH)
#ifdef STAR
#define ROWS (OWN_ROWS+1)
#define SHARED OWN_ROWS  /* the row '*': the last holder has acknowledge: false */
#define IS_SHARED(k) (k==SHARED)
#define SLOT(i) (i==NH-1 -> SHARED : (i)*IDS_EACH+id[i])
#else
#define ROWS OWN_ROWS
#define IS_SHARED(k) (0)
#define SLOT(i) ((i)*IDS_EACH+id[i])
#endif

/* The store. */
byte gen0, gen1;
bool revoked;            /* key 0, as a look-up reads it */
bool done;               /* the change of key 0 has resolved */
bool row[ROWS]; byte acked[ROWS];
#ifdef IDS
byte newest0, newest1;   /* `recent` with room for one id: 0 is key 0, 1 is another key, NONE is none */
#endif
#ifdef EPOCH
byte epoch, settled, marks0, marks1, bumps;
bool failed, lossy;      /* lossy: row 1 holds a bump that a crash may take back */
#define MARKS (marks0+4*marks1)
#endif
#ifdef REG
bool watched; byte registered[NH];  /* 0 no, 1 sent, 2 answered */
#define WATCHED watched
#else
#define WATCHED 1
#endif

/* Messages under way: acknowledgements, and the deletion of an idle holder's row. */
byte ack[ROWS];
#ifdef AW2
byte ack2[ROWS];
#endif
#ifdef IDLE
bool deleting[ROWS];
#endif

/* Holders. */
byte id[NH]; byte seen0[NH]; byte seen1[NH];
byte left[NH];                       /* ticks of the lease by the monotonic clock */
#ifdef WALL
byte wleft[NH]; byte wcall[NH];      /* the same by the wall clock; 0 is outside of the window */
byte odd[NH];                        /* 1 suspended, 2 stepped: never both during one lease */
#endif
byte call[NH];                       /* 1 totals asked, 2 answered, 3 rows asked, 4 answered, 5 purge is due */
byte sent[NH];                       /* ticks of a lease that this call would grant */
byte a0[NH]; byte a1[NH]; byte aAck[NH];
#ifdef IDS
byte aNew0[NH]; byte aNew1[NH];
#endif
#ifdef EPOCH
byte ownEpoch[NH]; byte ownMarks[NH]; byte aEpoch[NH]; byte aMarks[NH];
#endif
bool cache[NH];                      /* holds key 0 as active */
byte lookup[NH];                     /* 1 sent, 2 answered */
bool found[NH]; bool unmoved[NH];   /* its answer; whether no row of key 0 has moved since it began */
bool late[NH];                       /* a verification that began after `done` waits for it */
#ifdef OFF_R5
bool stale[NH]; byte s0[NH]; byte sAck[NH];   /* the answer of a call that was given up */
#endif
#ifdef OFF_R6_TIMER
bool flag[NH];
#endif

/* Revokers. */
byte clock[NR];

#define SUM(i) (seen0[i]+seen1[i])
#define KNOWN(i) (seen0[i]!=NONE)

#if defined(OFF_R6_TIMER)
#define LIVE(i) (flag[i])
#elif defined(OFF_R6_MONO)
#define LIVE(i) (wleft[i]>0)
#elif defined(WALL) && !defined(OFF_R6_WALL)
#define LIVE(i) (left[i]>0 && wleft[i]>0)
#else
#define LIVE(i) (left[i]>0)
#endif
#ifdef OFF_R6_HIT
#define LIVE_AT_HIT(i) (KNOWN(i))
#else
#define LIVE_AT_HIT(i) LIVE(i)
#endif

#if defined(OFF_R4_ROW)
#define MAY_GRANT(i) (1)
#elif defined(OFF_R4_ACKED)
#define MAY_GRANT(i) (aAck[i]!=NONE)
#else
#define MAY_GRANT(i) (aAck[i]!=NONE && (IS_SHARED(SLOT(i)) || aAck[i]==SUM(i)))
#endif

#if defined(OFF_R7_MOVE)
#define MAY_JOIN(i) (LIVE(i))
#elif defined(OFF_R7_LIVE)
#define MAY_JOIN(i) (unmoved[i])
#else
#define MAY_JOIN(i) (LIVE(i) && unmoved[i])
#endif
#ifdef OFF_R8
#define MAY_KEEP(i) (KNOWN(i))
#else
#define MAY_KEEP(i) (KNOWN(i) && unmoved[i])
#endif

inline endLookup(i) { lookup[i]=0; found[i]=0; unmoved[i]=0; late[i]=0 }
inline endCall(i) {
  call[i]=0; sent[i]=0; a0[i]=0; a1[i]=0; aAck[i]=0;
#ifdef WALL
  wcall[i]=0;
#endif
#ifdef IDS
  aNew0[i]=0; aNew1[i]=0;
#endif
#ifdef EPOCH
  aEpoch[i]=0; aMarks[i]=0;
#endif
}
inline acknowledge(i, value) {
#ifdef AW2
  if :: ack[SLOT(i)]!=NONE && ack[SLOT(i)]!=value -> ack2[SLOT(i)]=ack[SLOT(i)] :: else fi;
#endif
  ack[SLOT(i)]=value
}
inline upsert(k, value) {
  if :: IS_SHARED(k) -> acked[k]=0
     :: !IS_SHARED(k) && (!row[k] || acked[k]<value) -> acked[k]=value
     :: else
  fi;
  row[k]=1;
#ifdef SAME_EPOCH
  lossy=0;  /* on one server, a synchronous commit makes all that stands before it durable */
#endif
  value=NONE
}
inline grant(i) {
#ifdef OFF_R1
  sent[i]=L;
#ifdef WALL
  wcall[i]=L;
#endif
#endif
  left[i]=sent[i];
#ifdef WALL
  wleft[i]=wcall[i];
#endif
  if
  :: left[i]>0 -> left[i]=left[i]+1;
#ifdef WALL
     if :: wleft[i]>0 -> wleft[i]=wleft[i]+1 :: else fi
#endif
  :: true
  fi;
#ifdef WALL
  if :: left[i]==0 -> wleft[i]=0 :: else fi;
#endif
#ifdef OFF_R6_TIMER
  if :: left[i]>0 -> flag[i]=1 :: else fi;
#endif
#if defined(OFF_R4_ROW) || defined(OFF_R4_ACKED)
  if :: aAck[i]!=SUM(i) -> acknowledge(i, SUM(i)) :: else fi;
#endif
  skip
}
/* Drops what the rows in the answer say has changed, and the in-flight look-up's right to be kept. */
inline purge(i) {
  if
  :: !KNOWN(i) -> cache[i]=0; unmoved[i]=0
  :: else ->
    if
    :: a0[i]!=seen0[i] ->
#if defined(IDS) && defined(OFF_R2)
      if :: aNew0[i]==0 -> cache[i]=0 :: else fi;
#elif defined(IDS)
      if :: a0[i]==seen0[i]+1 && aNew0[i]==1 -> skip :: else -> cache[i]=0 fi;
#else
      cache[i]=0;
#endif
      unmoved[i]=0
    :: else
    fi;
#ifdef JOINED
    if
    :: a1[i]!=seen1[i] ->
#if defined(IDS) && defined(OFF_R2)
      if :: aNew1[i]==0 -> cache[i]=0 :: else fi;
#elif defined(IDS)
      if :: a1[i]==seen1[i]+1 && aNew1[i]==1 -> skip :: else -> cache[i]=0 fi;
#else
      cache[i]=0;
#endif
      unmoved[i]=0
    :: else
    fi
#endif
  fi;
  seen0[i]=a0[i]; seen1[i]=a1[i];
#ifdef EPOCH
  ownMarks[i]=aMarks[i]; ownEpoch[i]=aEpoch[i];
#endif
}

#ifdef EPOCH
#ifdef OFF_R17
#define LOST_BUMP(i) (0)
#else
#define LOST_BUMP(i) (KNOWN(i) && (aEpoch[i]!=ownEpoch[i] || a0[i]<SUM(i) || (a0[i]==SUM(i) && aMarks[i]!=ownMarks[i])))
#endif
inline reset(i) {
  cache[i]=0; unmoved[i]=0; left[i]=0; seen0[i]=NONE; seen1[i]=NONE;
  ownEpoch[i]=0; ownMarks[i]=0;
  if :: id[i]==0 -> id[i]=1 :: else fi
}
#else
#define LOST_BUMP(i) (0)
inline reset(i) { skip }
#endif

#ifdef REG
#ifdef OFF_R15
#define REGISTERED(i) (1)
#else
#define REGISTERED(i) (registered[i]==2)
#endif
#else
#define REGISTERED(i) (1)
#endif

proctype Holder(byte i) {
  do
  /* Verification of key 0: a hit, a look-up of its own, or a join. */
  :: atomic { LIVE_AT_HIT(i) && cache[i] -> assert(!done) }
#ifdef INSTANT
  :: atomic { !cache[i] && KNOWN(i) && !revoked -> cache[i]=1 }
#else
  :: atomic { !(LIVE(i) && cache[i]) && lookup[i]==0 -> lookup[i]=1; unmoved[i]=1; late[i]=done }
  :: atomic { lookup[i]>0 && !late[i] && done && !(LIVE(i) && cache[i]) && MAY_JOIN(i) -> late[i]=1 }
  :: atomic { lookup[i]==1 -> found[i]=!revoked; lookup[i]=2 }
  :: atomic { lookup[i]==2 ->
       if
       :: found[i] -> assert(!late[i]); if :: MAY_KEEP(i) -> cache[i]=1 :: else fi
       :: else
       fi;
       endLookup(i) }
  :: atomic { lookup[i]>0 -> endLookup(i) }                                    /* failed: 503 */
#endif

#ifdef REG
  /* R15: `watched` is committed before the first renewal. */
  :: atomic { registered[i]==0 -> registered[i]=1 }
  :: atomic { registered[i]==1 -> watched=1; registered[i]=2 }
#endif

  /* Renewal. R1: the clocks are read before sending. */
  :: atomic { call[i]==0 && REGISTERED(i) -> call[i]=1; sent[i]=L;
#ifdef WALL
       wcall[i]=L;
#endif
     }
  :: atomic { call[i]==1 ->
       a0[i]=gen0+gen1; aAck[i]=(row[SLOT(i)] -> acked[SLOT(i)] : NONE);
#ifdef EPOCH
       aEpoch[i]=epoch; aMarks[i]=MARKS;
#endif
       call[i]=2 }
  :: atomic { call[i]==2 ->
       if
       :: LOST_BUMP(i) -> reset(i); endCall(i)                                 /* R17 */
       :: else ->
          if
          :: !KNOWN(i) || a0[i]!=SUM(i) -> a0[i]=0; aAck[i]=0; sent[i]=0; call[i]=3
          :: else ->
             if
             :: MAY_GRANT(i) -> grant(i)                                       /* R4 */
             :: else -> acknowledge(i, SUM(i))
             fi;
             endCall(i)
          fi
       fi }
  :: atomic { call[i]==3 ->
#ifdef EPOCH
#ifndef OFF_R17
       if :: aEpoch[i]!=epoch -> endCall(i); goto next :: else fi;
#endif
       aEpoch[i]=epoch; aMarks[i]=MARKS;
#endif
       a0[i]=gen0; a1[i]=gen1;
#ifdef IDS
       aNew0[i]=newest0; aNew1[i]=newest1;
#endif
       call[i]=4;
next:  skip }
  :: atomic { call[i]==4 ->
#ifdef OFF_R3
       acknowledge(i, a0[i]+a1[i]); call[i]=5 }
  :: atomic { call[i]==5 -> purge(i); endCall(i) }
#else
       purge(i); acknowledge(i, SUM(i)); endCall(i) }                          /* R2, R3 */
#endif
  /* Given up or failed. R5: its answer is ignored. */
  :: atomic { call[i]>0 && call[i]<5 ->
#ifdef OFF_R5
       if :: call[i]==2 && !stale[i] -> stale[i]=1; s0[i]=a0[i]; sAck[i]=aAck[i] :: else fi;
#endif
       endCall(i) }
#ifdef OFF_R5
  :: atomic { stale[i] && call[i]==1 -> a0[i]=s0[i]; aAck[i]=sAck[i]; call[i]=2; stale[i]=0; s0[i]=0; sAck[i]=0 }
#endif
#ifdef OFF_R6_TIMER
  :: atomic { flag[i] && left[i]==0 -> flag[i]=0 }
#endif
#ifdef IDLE
  /* At the end of a lease without traffic the row is deleted, and the holder takes a new id. */
  :: atomic { left[i]==0 && call[i]==0 && KNOWN(i) && id[i]==0 && !IS_SHARED(SLOT(i)) ->
       deleting[SLOT(i)]=1; cache[i]=0; unmoved[i]=0; seen0[i]=NONE; seen1[i]=NONE;
#ifndef OFF_IDLE_ID
       id[i]=1
#endif
     }
#endif
  od
}

/* Writes to one member's row that are under way: they arrive at any later moment, or never. */
proctype Writes(byte k) {
  do
  :: atomic { ack[k]!=NONE -> upsert(k, ack[k]) }
#ifdef AW2
  :: atomic { ack2[k]!=NONE -> upsert(k, ack2[k]) }
#endif
#ifdef IDLE
  :: atomic { deleting[k] -> row[k]=0; acked[k]=0; deleting[k]=0 }
#endif
  od
}

#ifdef EPOCH
#define MARK0 bumps++; marks0=bumps
#define MARK1 bumps++; marks1=bumps
#else
#define MARK0 skip
#define MARK1 skip
#endif
#ifdef IDS
#define NEWEST0(key) newest0=key
#define NEWEST1(key) newest1=key
#else
#define NEWEST0(key) skip
#define NEWEST1(key) skip
#endif
inline bump0(key) { gen0++; MARK0; NEWEST0(key) }
inline bump1(key) { gen1++; MARK1; NEWEST1(key) }

/* R9: the change, its event and its bump are one statement. */
inline commit(kind, stage) {
  if
  :: kind==NARROW && !revoked ->
#ifdef OFF_R9
     if :: stage==0 -> bump0(0) :: else -> revoked=1 fi
#else
     bump0(0); revoked=1
#ifdef EPOCH
     ; lossy=0  /* synchronous: durable, and so is what stands before it in the log */
#endif
#endif
  :: kind==NARROW && revoked -> skip
  :: (kind==SIBLING || kind==QUICK_SIBLING) && stage==0 -> bump0(1)
  :: kind==OTHER && stage==0 -> bump1(1)
  :: kind==JOINED_NARROW && stage==0 -> bump1(0); revoked=1
  :: kind==JOINED_OTHER && stage==0 -> bump1(1)
#ifdef EPOCH
     ; if :: !failed -> lossy=1 :: else fi
#endif
  :: else
  fi
}

inline readMembers(extra) {
  S=gen0+gen1+extra; k=0;
  do :: k<ROWS -> open[k]=(row[k] && (IS_SHARED(k) || acked[k]<S)); k++ :: else -> break od;
  k=0
}
#define ANSWERED(k) (!open[k] || !row[k] || (acked[k]>=S && !IS_SHARED(k)))
#if ROWS==1
#define ALL_ANSWERED ANSWERED(0)
#elif ROWS==2
#define ALL_ANSWERED (ANSWERED(0) && ANSWERED(1))
#elif ROWS==3
#define ALL_ANSWERED (ANSWERED(0) && ANSWERED(1) && ANSWERED(2))
#elif ROWS==4
#define ALL_ANSWERED (ANSWERED(0) && ANSWERED(1) && ANSWERED(2) && ANSWERED(3))
#else
#define ALL_ANSWERED (ANSWERED(0) && ANSWERED(1) && ANSWERED(2) && ANSWERED(3) && ANSWERED(4))
#endif

/* R13, at each poll: rows that a failover has lost are not answers. */
#ifdef OFF_R13_POLL
#define SAME_AS_READ (1)
#else
#define SAME_AS_READ (epoch==asOf)
#endif

proctype Revoker(byte r; byte kind) {
  byte S; bool open[ROWS]; byte k; bool watch;
#ifdef EPOCH
  bool unsettled; byte asOf;
#endif
#ifdef OFF_R11_BEFORE
  atomic { clock[r]=WAIT }
#endif
#ifdef OFF_R10
  atomic { readMembers(1) }
#endif
  atomic { commit(kind, 0); watch=WATCHED }
#ifdef OFF_R9
  atomic { commit(kind, 1) }
#endif
  if
  :: kind==JOINED_OTHER || kind==QUICK_SIBLING -> goto end
  :: kind==JOINED_NARROW -> atomic { clock[r]=WAIT }; clock[r]==0; goto resolve
  :: kind<JOINED_NARROW && !watch -> goto resolve
  :: else
  fi;
#ifdef OFF_R11_COMMIT
  atomic { clock[r]=WAIT }
#endif
#ifndef OFF_R10
  atomic { readMembers(0);                                         /* R10 */
#ifdef EPOCH
    asOf=epoch;
#ifndef OFF_R13
    unsettled=(settled!=epoch)
#endif
#endif
  }
#endif
#if !defined(OFF_R11_BEFORE) && !defined(OFF_R11_COMMIT)
  atomic { clock[r]=WAIT }                                             /* R11 */
#endif
#ifdef EPOCH
  do
  :: atomic { clock[r]==0 -> break }                                           /* R12 */
  :: atomic { !unsettled && clock[r]>0 && SAME_AS_READ && ALL_ANSWERED -> break }
  od;
  atomic { if :: unsettled -> settled=asOf :: else fi }                        /* R13 */
#else
  do
  :: atomic { ALL_ANSWERED -> break }
  :: atomic { clock[r]==0 -> break }                                           /* R12 */
  od;
#endif
resolve:
  atomic { if :: kind==NARROW || kind==JOINED_NARROW -> done=1 :: else fi }
  if
  :: kind<JOINED_NARROW && clock[r]==0 && watch ->
    k=0;
    do
    :: atomic { k<ROWS ->
#if defined(OFF_R14)
         if :: open[k] && row[k] && !IS_SHARED(k) -> row[k]=0; acked[k]=0 :: else fi;
#elif defined(OFF_R14_SHARED)
         if :: open[k] && row[k] && (IS_SHARED(k) || acked[k]<S) -> row[k]=0; acked[k]=0 :: else fi;
#else
         if :: open[k] && row[k] && acked[k]<S && !IS_SHARED(k) -> row[k]=0; acked[k]=0 :: else fi;
#endif
         k++ }
    :: k>=ROWS -> break
    od
  :: else
  fi;
end:
  atomic { S=0; watch=0; k=0; do :: k<ROWS -> open[k]=0; k++ :: else -> break od; k=0 }
}

#ifdef EPOCH
/* A crash or a failover: any members' rows may be lost, and a bump that was not synchronous. */
proctype Crash() {
  byte k;
  atomic {
    failed=1;
#ifndef SAME_EPOCH
    epoch=1;
    do :: k<ROWS -> if :: true -> row[k]=0; acked[k]=0 :: true fi; k++ :: else -> break od;
    k=0;
#endif
    if :: lossy -> gen1=gen1-1; marks1=0 :: true fi;
    lossy=0
  }
}
#endif

#define DECREMENT(x) x=(x>0 -> x-1 : 0)
inline tickHolder(i) {
#ifdef WALL
  if
  :: DECREMENT(left[i]); DECREMENT(wleft[i]); DECREMENT(sent[i]); DECREMENT(wcall[i])
  :: odd[i]!=2 && (left[i]>0 || sent[i]>0) -> odd[i]=1; DECREMENT(wleft[i]); DECREMENT(wcall[i])
  fi;
#ifndef OFF_R6_MONO
  if :: left[i]==0 -> wleft[i]=0 :: else fi;
#endif
  if :: left[i]==0 && sent[i]==0 -> odd[i]=0; wcall[i]=0 :: else fi
#else
  DECREMENT(left[i]); DECREMENT(sent[i])
#endif
}
proctype Clock() {
  do
  :: atomic {
     tickHolder(0);
#if NH>1
     tickHolder(1);
#endif
     DECREMENT(clock[0]);
#if NR>1
     DECREMENT(clock[1]);
#endif
     skip }
  od
}

#ifdef WALL
/* The wall clock of a holder is stepped, to anywhere in or out of the windows of its lease and call. */
proctype Steps(byte i) {
  do
  :: atomic { odd[i]!=1 && (left[i]>0 || sent[i]>0) ->
       odd[i]=2;
       if :: wleft[i]=0 :: wleft[i]=L fi;
       if :: wcall[i]=0 :: wcall[i]=L fi }
  od
}
#endif

init { atomic {
  byte j=0;
  do :: j<NH -> seen0[j]=NONE; seen1[j]=NONE; j++ :: else -> break od;
  j=0;
  do
  :: j<ROWS -> ack[j]=NONE;
#ifdef AW2
     ack2[j]=NONE;
#endif
     run Writes(j); j++
  :: else -> break
  od;
#ifdef IDS
  newest0=NONE; newest1=NONE;
#endif
  run Holder(0);
#if NH>1
  run Holder(1);
#endif
  run Revoker(0, K0);
#if NR>1
  run Revoker(1, K1);
#endif
#ifdef EPOCH
  run Crash();
#endif
#ifdef WALL
  run Steps(0);
#if NH>1
  run Steps(1);
#endif
#endif
  run Clock();
} }
